import type { HttpRequest } from '@imago/http'

export const getPricing = (): HttpRequest => ({ method: 'GET', url: '/pricing' })

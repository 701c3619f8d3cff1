import type { HttpRequest, TextResponse } from '@imago/http'

/** Whether the request was carried out. A thing that is gone when its deletion is repeated, since the first answer was lost, was deleted. */
export const isSuccess = (
  { method }: Pick<HttpRequest, 'method'>,
  { status, isRepeat }: Pick<TextResponse, 'status' | 'isRepeat'>,
): boolean => (status >= 200 && status <= 299) || (method === 'DELETE' && status === 404 && isRepeat === true)

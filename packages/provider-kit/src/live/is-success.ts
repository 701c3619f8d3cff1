import type { HttpRequest, TextResponse } from '@imago/http'

/** Whether the request succeeded. A repeated DELETE that returns 404 succeeded: the response to the first one was lost. */
export const isSuccess = (
  { method }: Pick<HttpRequest, 'method'>,
  { status, isRepeat }: Pick<TextResponse, 'status' | 'isRepeat'>,
): boolean => (status >= 200 && status <= 299) || (method === 'DELETE' && status === 404 && isRepeat === true)

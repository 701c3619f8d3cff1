/**
 * What is waited for in an exchange: that the connection stands, that the server takes the request, that it answers, that its answer comes to its end (`rest`), or
 * that more bytes of it come where they are read one by one (`bytes`).
 */
export type ExchangeStage = 'connection' | 'request' | 'answer' | 'rest' | 'bytes'

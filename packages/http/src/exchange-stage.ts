/**
 * The stage of an exchange: establishing the connection, sending the request, waiting for the response, reading the rest of a text (`rest`), or reading the next
 * bytes of a stream (`bytes`).
 */
export type ExchangeStage = 'connection' | 'request' | 'response' | 'rest' | 'bytes'

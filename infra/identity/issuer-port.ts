import type { JWTVerifyGetKey } from 'jose'

/** Whoever says who people and programs are: the built-in issuer and any other look the same from here on. */
export interface Issuer {
  /** Its identifier, the `iss` of its tokens. */
  readonly url: string
  /** Its published keys. */
  readonly keys: JWTVerifyGetKey
  /** Where people are sent to sign in, and where the code they come back with is changed into a token. */
  endpoints(): Promise<{ readonly authorization: string; readonly token: string }>
}

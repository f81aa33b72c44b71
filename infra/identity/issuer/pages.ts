import type { Language } from '../../http/language.ts'
import { page } from '../../http/page.ts'
import { html } from '../../http/html.ts'

const texts = {
  zh: {
    title: '退出登录',
    ask: '是否退出演示园区？退出后，此次登录取得的令牌与打开的事件流随即失效。',
    yes: '退出登录',
    no: '保持登录',
    done: '已退出登录',
    ended: '此次登录取得的令牌不再有效。',
    back: '返回首页',
    error: '登录请求有误',
  },
  en: {
    title: 'Sign out',
    ask: 'Sign out of the demo park? The tokens and the streams of events of this sign-in end with it.',
    yes: 'Sign out',
    no: 'Stay signed in',
    done: 'You are signed out',
    ended: 'Tokens of that sign-in are no longer taken.',
    back: 'To the front page',
    error: 'This sign-in request is not in order',
  },
} as const

/** Asks whether somebody means to sign out, because a link alone must not do it. `form` is the issuer's own, with its token against forged requests. */
export function signOutPage({ language, form }: { readonly language: Language; readonly form: string }): string {
  const text = texts[language]
  return page(
    language,
    text.title,
    html`<main><h1>${text.title}</h1><p>${text.ask}</p>${{ text: form }}
<p><button type="submit" form="op.logoutForm" name="logout" value="yes">${text.yes}</button> <button type="submit" form="op.logoutForm">${text.no}</button></p></main>`,
  )
}

/** Where somebody is sent who signed out and named no page to come back to. */
export function signedOutPage({ language }: { readonly language: Language }): string {
  const text = texts[language]
  return page(
    language,
    text.done,
    html`<main><h1>${text.done}</h1><p>${text.ended}</p><p><a href="/">${text.back}</a></p></main>`,
  )
}

/** What is wrong with a request for signing in or out, in the words of OAuth 2.0 for whoever made the program that sent it. */
export function issuerErrorPage({
  language,
  error,
  detail = '',
}: {
  readonly language: Language
  readonly error: string
  readonly detail?: string | undefined
}): string {
  const text = texts[language]
  return page(
    language,
    text.error,
    html`<main><h1>${text.error}</h1><p><code>${error}</code> ${detail}</p><p><a href="/">${text.back}</a></p></main>`,
  )
}

import { z } from 'zod'
import type { Language } from '../../../infra/http/language.ts'
import { officials, posts } from '../../../infra/identity/issuer/accounts.ts'
import { html, type Html } from '../../../infra/http/html.ts'

/** An office's account by its name, or a post of the unit with this credit code. */
export const SignInForm = z.object({ account: z.string().max(64), unit: z.string().trim().max(32).optional() })

export const accountOf = ({ account, unit }: z.infer<typeof SignInForm>): string =>
  Object.hasOwn(posts, account) ? `${account}@${unit ?? ''}` : account

const texts = {
  zh: {
    title: '登录演示园区',
    who: '以谁的身份登录？',
    unit: '统一社会信用代码',
    ofUnit: '单位人员',
    office: '主管部门与园区',
    go: '登录',
    failed: '没有这个账号：请核对统一社会信用代码以及该单位的登记角色。',
    note: '演示账号，无需密码；生产环境不可用。',
  },
  en: {
    title: 'Sign in to the demo park',
    who: 'Who are you?',
    unit: 'Credit code of the unit',
    ofUnit: 'People of a unit',
    office: 'Offices and the park',
    go: 'Sign in',
    failed: 'There is no such account: check the credit code and what the unit is registered for.',
    note: 'Demo accounts without passwords; not available in production.',
  },
} as const

/** The plain page on which one picks a demo account. No script, no style of its own: it works under the strictest policy. */
export function signInPage({
  language,
  action,
  failed = false,
}: {
  readonly language: Language
  readonly action: string
  readonly failed?: boolean
}): string {
  const text = texts[language]
  const choice = (id: string, label: string): Html =>
    html`<p><button name="account" value="${id}">${label}</button></p>`
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><title>${text.title}</title><meta name="viewport" content="width=device-width"></head>
<body>
<main>
<h1>${text.title}</h1>
${failed ? html`<p role="alert">${text.failed}</p>` : ''}
<p>${text.who}</p>
<form method="post" action="${action}"><fieldset><legend>${text.office}</legend>${officials.map((account) => choice(account.id, account[language]))}</fieldset></form>
<form method="post" action="${action}"><fieldset><legend>${text.ofUnit}</legend>
<p><label>${text.unit} <input name="unit" required maxlength="18" autocomplete="off"></label></p>
${Object.entries(posts).map(([id, post]) => choice(id, post[language]))}</fieldset></form>
<p><small>${text.note}</small></p>
</main>
</body>
</html>`.text
}

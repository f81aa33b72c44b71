import { html, type Html } from './html.ts'
import type { Language } from './language.ts'

/** The frame of a plain page: one style sheet of our own, no script. */
export function page(language: Language, title: string, body: Html): string {
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/pages/park.css">
</head>
<body>
${body}
</body>
</html>
`.text
}

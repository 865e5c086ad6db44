import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The public site's own files. The style sheet is named by its content, so that it may be kept for a year. */
export const STYLE = readFileSync(new URL('./site.css', import.meta.url), 'utf8')
export const STYLE_HREF = `/site.css?v=${createHash('sha256').update(STYLE).digest('hex').slice(0, 12)}`

export const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="8" fill="#0a3a7a"/><path d="M20 8v22M11 13h18M13 32h14M11 13l-5 11h10zM29 13l-5 11h10z" fill="none" stroke="#fff" stroke-width="2.6" stroke-linejoin="round" stroke-linecap="round"/></svg>'

/** What is about subjects is not to be indexed: an entry must not outlive its publicity in a search engine. */
export const ROBOTS = `User-agent: *
Disallow: /s/
Disallow: /r/
Disallow: /search
Disallow: /lists/
Disallow: /my/
Disallow: /verify/
Disallow: /app/
Disallow: /api/
`

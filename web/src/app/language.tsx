import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, createContext, useContext, useLayoutEffect, useMemo, useState } from 'react'
import { type Lang, type Words, say } from '../../../src/kernel/words.ts'

type Language = {
  lang: Lang
  setLang: (lang: Lang) => void
  t: (words: Words, params?: Record<string, unknown>) => string
}

const LanguageContext = createContext<Language | null>(null)

const remember = (lang: Lang): void => {
  document.cookie = `lang=${lang}; path=/; max-age=31536000; samesite=lax`
}

const asLang = (said: string | null | undefined): Lang | null => (said === 'zh' || said === 'en' ? said : null)
/** What was asked for, chosen before, or is preferred by the browser; kept, so that what the server says is in the same language. */
const begun = (): Lang => {
  const chosen = asLang(/(?:^|;\s*)lang=(\w+)/.exec(document.cookie)?.[1])
  const preferred = navigator.languages.map((l) => asLang(l.slice(0, 2).toLowerCase())).find((l) => l !== null)
  const lang = asLang(new URLSearchParams(location.search).get('lang')) ?? chosen ?? preferred ?? 'zh'
  remember(lang)
  return lang
}

/** The language is a cookie, so that the server's own pages and messages follow it. */
export const LanguageProvider = ({ children }: { children: ReactNode }) => {
  const client = useQueryClient()
  const [lang, setState] = useState<Lang>(begun)
  useLayoutEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  }, [lang])
  const value = useMemo<Language>(
    () => ({
      lang,
      setLang: (next) => {
        remember(next)
        setState(next)
        // Some sentences come from the server.
        void client.invalidateQueries()
      },
      t: (words, params) => say(words, lang, params),
    }),
    [lang, client],
  )
  return <LanguageContext value={value}>{children}</LanguageContext>
}

export const useLanguage = (): Language => {
  const language = useContext(LanguageContext)
  if (!language) throw new Error('LanguageProvider is missing')
  return language
}

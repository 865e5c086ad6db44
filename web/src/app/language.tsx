import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, createContext, useContext, useLayoutEffect, useMemo, useState } from 'react'
import { type Lang, type Words, say } from '../../../src/kernel/words.ts'

type Language = {
  lang: Lang
  setLang: (lang: Lang) => void
  t: (words: Words, params?: Record<string, unknown>) => string
}

const LanguageContext = createContext<Language | null>(null)

const remembered = (): Lang => {
  const asked = new URLSearchParams(location.search).get('lang')
  if (asked === 'zh' || asked === 'en') return asked
  return /(?:^|;\s*)lang=en/.test(document.cookie) ? 'en' : 'zh'
}

const remember = (lang: Lang): void => {
  document.cookie = `lang=${lang}; path=/; max-age=31536000; samesite=lax`
}

/** The language is a cookie, so that the server's own pages and messages follow it. */
export const LanguageProvider = ({ children }: { children: ReactNode }) => {
  const client = useQueryClient()
  const [lang, setState] = useState<Lang>(remembered)
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

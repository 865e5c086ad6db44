import { type ReactNode, createContext, useContext, useMemo, useState } from 'react'
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

/** The language is a cookie, so that the server's own pages and messages follow it. */
export const LanguageProvider = ({ children }: { children: ReactNode }) => {
  const [lang, setState] = useState<Lang>(remembered)
  const value = useMemo<Language>(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
    return {
      lang,
      setLang: (next) => {
        document.cookie = `lang=${next}; path=/; max-age=31536000; samesite=lax`
        setState(next)
      },
      t: (words, params) => say(words, lang, params),
    }
  }, [lang])
  return <LanguageContext value={value}>{children}</LanguageContext>
}

export const useLanguage = (): Language => {
  const language = useContext(LanguageContext)
  if (!language) throw new Error('LanguageProvider is missing')
  return language
}

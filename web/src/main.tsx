import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App as AntApp, ConfigProvider } from 'antd'
import enGB from 'antd/locale/en_GB'
import zhCN from 'antd/locale/zh_CN'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { endpoints } from '../../src/capabilities/access/contract.ts'
import { ApiProblem } from './app/api.ts'
import { LanguageProvider, useLanguage } from './app/language.tsx'
import { router } from './app/router.tsx'
import { theme } from './app/theme.ts'
import './app/app.css'

/** Signed out meanwhile, here or elsewhere: ask who is there, and the sign-in form follows. */
const onError = (error: Error) => {
  if (error instanceof ApiProblem && error.problem.status === 401)
    void client.invalidateQueries({ queryKey: [endpoints.getSession.path] })
}
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // A refusal is an answer: only what could not be reached is asked for again.
      retry: (count, error) => count < 2 && error instanceof ApiProblem && error.problem.status === 0,
      staleTime: 2_000,
      refetchOnWindowFocus: true,
    },
  },
})
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
/** Some parts of the component library add a style sheet without the nonce that they were given. */
const createElement = document.createElement.bind(document)
document.createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
  const element = createElement(name, options)
  if (name === 'style') element.nonce = nonce
  return element
}

const Root = () => {
  const { lang } = useLanguage()
  return (
    <ConfigProvider
      locale={lang === 'zh' ? zhCN : enGB}
      theme={theme}
      csp={{ nonce }}
      button={{ autoInsertSpace: false }}
    >
      <AntApp>
        <RouterProvider router={router} />
      </AntApp>
    </ConfigProvider>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <Root />
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
)

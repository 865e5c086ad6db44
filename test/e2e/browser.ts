/**
 * A real browser for the journeys: the machine's Chromium if there is one, else the one that npm carries. Chinese is
 * drawn with the font that npm carries, through a font configuration of our own.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { type Browser, type BrowserContext, type Page, type Request, chromium } from 'playwright-core'

const require = createRequire(import.meta.url)

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
]

const onPath = (): string | null => {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const dir of (process.env.PATH ?? '').split(delimiter)) {
      if (dir && existsSync(join(dir, name))) return join(dir, name)
    }
  }
  return null
}

const fontConfig = (temp: string): string => {
  const fonts = dirname(require.resolve('@expo-google-fonts/noto-sans-sc/package.json'))
  const weights = ['400Regular', '500Medium', '700Bold'].map((w) => `<dir>${join(fonts, w)}</dir>`).join('')
  const path = join(temp, 'fonts.conf')
  writeFileSync(
    path,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${weights}<cachedir>${join(temp, 'fontcache')}</cachedir>
<match><test name="family"><string>sans-serif</string></test><edit name="family" mode="prepend" binding="strong"><string>Noto Sans SC</string></edit></match></fontconfig>`,
  )
  return path
}

/** The Chromium inside the npm package, unpacked, with the libraries it brings. */
const packaged = async (temp: string): Promise<{ path: string; libraries: string[] }> => {
  process.env.TMPDIR ??= tmpdir()
  // The package unpacks its libraries only where it believes to run on a function service.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x'
  const { default: carried } = await import('@sparticuz/chromium')
  const path = await carried.executablePath()
  const libraries = [dirname(path), ...readdirSync(dirname(path)).map((d) => join(dirname(path), d, 'lib'))].filter(
    (d) => existsSync(d),
  )
  mkdirSync(temp, { recursive: true })
  return { path, libraries }
}

export type Surface = 'desktop' | 'phone'
const VIEWPORTS: Record<Surface, { width: number; height: number }> = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
}

const flying = new WeakMap<Page, Set<Request>>()
/** Requests of a page that have not been answered yet. */
export const inFlight = (page: Page): number => flying.get(page)?.size ?? 0
const watch = (page: Page): void => {
  const open = new Set<Request>()
  flying.set(page, open)
  page.on('request', (r) => open.add(r))
  page.on('requestfinished', (r) => open.delete(r))
  page.on('requestfailed', (r) => open.delete(r))
}

export type TestBrowser = {
  source: string
  open: (
    surface: Surface,
    options?: { javaScript?: boolean; lang?: 'zh' | 'en' },
  ) => Promise<{ page: Page; context: BrowserContext; problems: string[] }>
  close: () => Promise<void>
}

export const openBrowser = async (): Promise<TestBrowser> => {
  const temp = mkdtempSync(join(tmpdir(), 'xinheng-browser-'))
  const own = onPath()
  const { path, libraries } = own ? { path: own, libraries: [] } : await packaged(temp)
  const browser: Browser = await chromium.launch({
    executablePath: path,
    args: FLAGS,
    env: {
      ...(process.env as Record<string, string>),
      FONTCONFIG_FILE: fontConfig(temp),
      ...(libraries.length
        ? { LD_LIBRARY_PATH: [...libraries, process.env.LD_LIBRARY_PATH ?? ''].filter(Boolean).join(delimiter) }
        : {}),
    },
  })
  return {
    source: own ? `machine ${browser.version()}` : `npm ${browser.version()}`,
    open: async (surface, options = {}) => {
      const context = await browser.newContext({
        viewport: VIEWPORTS[surface],
        javaScriptEnabled: options.javaScript ?? true,
        locale: options.lang === 'en' ? 'en-GB' : 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        acceptDownloads: true,
        // A dialog that is still on its way to its place may be missed by a click on a busy machine.
        reducedMotion: 'reduce',
        hasTouch: surface === 'phone',
      })
      const page = await context.newPage()
      watch(page)
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(`page error: ${error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`console: ${message.text()}`)
      })
      return { page, context, problems }
    },
    close: async () => {
      await browser.close()
      rmSync(temp, { recursive: true, force: true })
    },
  }
}

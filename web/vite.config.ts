import react from '@vitejs/plugin-react'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { type Plugin, defineConfig } from 'vite'

const SMALL = 1024

/** The server sends `.br` or `.gz` beside a file to whoever takes it: compressed once here, not at each request. */
const precompress = (): Plugin => ({
  name: 'xinheng:precompress',
  apply: 'build',
  writeBundle: ({ dir = 'dist' }) => {
    const assets = join(dir, 'assets')
    for (const name of readdirSync(assets).filter((n) => /\.(?:js|css|svg)$/.test(n))) {
      const bytes = readFileSync(join(assets, name))
      if (bytes.length < SMALL) continue
      writeFileSync(join(assets, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      writeFileSync(
        join(assets, `${name}.br`),
        brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
      )
    }
  },
})

/** Icons name themselves in English; what they stand for is said in words beside them, so nobody needs to hear them. */
const silentIcons = (): Plugin => ({
  name: 'xinheng:silent-icons',
  transform: (code, id) => {
    if (!/ant-design\/icons\/es\/components\/AntdIcon(?:Light)?\.js/.test(id)) return null
    const silent = code.replace(/role: "img",\s*"aria-label": icon\.name/, '"aria-hidden": true')
    if (silent === code) throw new Error('The icons of this release name themselves in another way.')
    return { code: silent, map: null }
  },
})

/** The workbench is served under /app/ by the platform itself; public pages are rendered on the server. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react(), silentIcons(), precompress()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
  },
})

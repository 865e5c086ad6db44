import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The workbench is served under /app/ by the platform itself; public pages are rendered on the server. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
  },
})

// Runs inside the page that is looked at: what a person sees and hears there, and what a checker measures.
;(() => {
  const CHROME = [
    'button, th, label, legend, nav a, header a, footer a, dt, caption, option, summary',
    '.ant-descriptions-item-label, .ant-segmented-item, .ant-tag, .ant-menu-item, .ant-select-item-option',
    '.ant-empty-description, .ant-statistic-title, .ant-alert-title, .ant-modal-title, .ant-drawer-title',
  ].join(', ')
  const HEADINGS = ['H1', 'H2', 'H3']
  const SPOKEN = ['aria-label', 'placeholder', 'title', 'alt']

  const seen = (e) =>
    e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    e.getClientRects().length > 0 &&
    !e.closest('[aria-hidden=true]')
  /** In another language than the page, and marked so. */
  const foreign = (e) => {
    const lang = e.closest('[lang]')?.getAttribute('lang')
    return Boolean(lang && lang.slice(0, 2) !== document.documentElement.lang.slice(0, 2))
  }
  /** Its own name is never read: it stands in something that is named as a whole. */
  const covered = (e) =>
    e.parentElement?.closest('button[aria-label], a[aria-label]') || (e.matches('.anticon') && e.closest('button, a'))

  const texts = () => {
    const out = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const e = node.parentElement
      const text = node.textContent.replaceAll(/\s+/g, ' ').trim()
      if (!text || e.closest('script, style, noscript, textarea') || !seen(e) || foreign(e)) continue
      out.push({
        text,
        chrome: Boolean(e.closest(CHROME)) || HEADINGS.includes(e.tagName),
        data: Boolean(e.closest('code')),
      })
    }
    return out
  }
  const names = () =>
    [...document.querySelectorAll(SPOKEN.map((n) => `[${n}]`).join(', '))]
      .filter((e) => seen(e) && !foreign(e) && !covered(e))
      .flatMap((e) => SPOKEN.map((n) => e.getAttribute(n)?.trim()))
      .filter(Boolean)
      .map((text) => ({ text, chrome: true, data: false }))

  globalThis.looking = {
    said: () => [...texts(), ...names(), { text: document.title, chrome: true, data: false }],
    quiet: () =>
      !document.querySelector('.ant-spin-spinning, .ant-btn-loading') &&
      document
        .getAnimations()
        .every((a) => a.playState !== 'running' || a.effect?.getTiming().iterations === Number.POSITIVE_INFINITY),
    overflow: () => {
      const { scrollWidth, clientWidth } = document.documentElement
      if (scrollWidth <= clientWidth) return []
      const wide = [...document.querySelectorAll('body *')]
        .filter((e) => e.getBoundingClientRect().right > clientWidth + 1)
        .map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}`)
      return [`wider than the screen: ${scrollWidth} > ${clientWidth}: ${wide.slice(-5).join(', ')}`]
    },
    axe: async () => {
      const { violations } = await globalThis.axe.run({ resultTypes: ['violations'] })
      return violations.map((v) => {
        const where = v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 4)
        return `axe ${v.id} (${v.impact}): ${v.help}: ${where.join(' | ')}`
      })
    },
  }
})()

import { z } from 'zod'
import { NOTICE_CASES, NOTICE_PARTS, NOTICE_PLACES } from '../kernel/policy.ts'
import { anyWhen, row, words } from './policy-schema.rows.ts'

/** A sentence of a notice: its places are known ones, and the same in both languages. */
const placesIn = (text: string): string[] => [...text.matchAll(/\{(\w*)\}/g)].map((m) => m[1] ?? '').toSorted()
const noticeWords = words.superRefine((w, ctx) => {
  const [zh, en] = [placesIn(w.zh), placesIn(w.en)]
  const strange = [...zh, ...en].filter((place) => !NOTICE_PLACES.some((p) => p === place))
  if (strange.length)
    ctx.addIssue({
      code: 'custom',
      message: `no such place in a notice: ${[...new Set(strange)].join(', ')}; there are ${NOTICE_PLACES.join(', ')}`,
    })
  if ([...new Set(zh)].join() !== [...new Set(en)].join())
    ctx.addIssue({ code: 'custom', message: 'both languages must have the same places to fill in' })
})
const noticeWhen = z.array(z.enum(NOTICE_CASES)).default([])
const noticeLine = z.union([
  z.strictObject({ when: noticeWhen, text: noticeWords }),
  z.strictObject({ when: noticeWhen, show: z.enum(NOTICE_PARTS) }),
])
/** What a day stands in has that day: `earliest` only where one may apply, `last` only where there is one. */
const NEEDS = { earliest: 'may_apply', receiver: 'may_apply', last: 'dated', code: 'coded' } as const
export const noticesFile = z.strictObject({
  kind: z.literal('notices'),
  notices: z.array(
    z
      .strictObject({
        ...row,
        when: anyWhen,
        title: words,
        opening: z.array(noticeLine).min(1),
        sections: z.array(z.strictObject({ heading: words, lines: z.array(noticeLine).min(1) })).min(1),
      })
      .superRefine((n, ctx) => {
        for (const line of [...n.opening, ...n.sections.flatMap((s) => s.lines)]) {
          if (!('text' in line)) continue
          const places = new Set(placesIn(line.text.zh))
          for (const [place, needed] of Object.entries(NEEDS))
            if (places.has(place) && !line.when.includes(needed))
              ctx.addIssue({ code: 'custom', message: `a sentence with {${place}} stands only when: [${needed}]` })
        }
      }),
  ),
})

import { prove } from '../capabilities/balance/index.ts'
import { type Run, decline, noArguments } from './io.ts'
import { configOf, mustHoldData, withPlatform } from './open.ts'

/** The nightly proof, now; what differs is listed under the workbench's balance page. */
export const balanceProveCommand: Run = async (ask) => {
  noArguments(ask)
  mustHoldData(configOf(ask))
  const run = await withPlatform(ask, (ctx) => prove(ctx, { all: ask.flags.all === true }))
  if (!run)
    return decline(
      'PROOF_RUNNING',
      '另一个进程正在核验，请等它结束。',
      'Another process is at the proof; wait until it is done.',
    )
  const bad = run.differing + run.lost
  const zh = `核验报送 ${run.submissions} 份、${run.rows} 行，${bad ? `${run.differing} 份存在差异，${run.lost} 份已不存在` : '无差异'}。`
  const en = `Proved ${run.submissions} submissions, ${run.rows} rows: ${bad ? `${run.differing} differ, ${run.lost} are lost` : 'no difference'}.`
  return { exit: bad ? 2 : 0, data: run, lines: [ask.lang === 'zh' ? zh : en] }
}

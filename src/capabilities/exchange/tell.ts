import { Refused, unwrap } from '../../kernel/decision.ts'
import type { Ctx } from '../../platform/context.ts'
import { writeWhole } from '../../platform/dropped-files.ts'
import { newId } from '../../platform/ids.ts'
import { answerText } from './file-in.ts'
import { openPlace } from './file-place.ts'
import { readFileSettings } from './rules.ways.ts'
import type { Ack, Peer } from './store.ts'
import { answerRows } from './table-way.ts'

/**
 * Tells a peer that is reached by files or tables what has been decided of what it handed in: a file of answers, or the answer in
 * its rows. False: it could not be told now. Null: it is not reached in these ways.
 */
export const tellByWay = async (ctx: Ctx, peer: Peer, acknowledgements: Ack[]): Promise<boolean | null> => {
  if (peer.way !== 'file' && peer.way !== 'table') return null
  try {
    if (peer.way === 'table') await answerRows(ctx, peer, acknowledgements)
    else {
      const { folder } = unwrap(readFileSettings(peer.settings))
      const at = await openPlace(ctx, folder, false)
      const answers = { acknowledgements, pending: [] }
      await writeWhole(at.inAnswers, `later-${newId().slice(-12)}.answers.json`, answerText('', null, answers))
    }
    return true
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return false
  }
}

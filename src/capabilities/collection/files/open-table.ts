import { openCsv } from './csv.ts'
import { FileRefused, KINDS } from './refusals.ts'
import { sniffFile } from './sniff.ts'
import { LIMITS, type Table, type TableSource } from './table.ts'
import { openXlsx } from './xlsx.ts'

/** Opens a table of any kind that we read; everything else is refused by its name, in one line. */
export const openTable = async (source: TableSource): Promise<Table> => {
  const limits = { ...LIMITS, ...source.limits }
  const kind = await sniffFile(source.path, source.name)
  switch (kind) {
    case 'csv':
      return openCsv(source.path, limits)
    case 'xlsx':
    case 'zip':
      return openXlsx(source, limits)
    case 'empty':
      throw new FileRefused('FILE_EMPTY')
    case 'xls':
      throw new FileRefused('FILE_XLS')
    case 'encrypted':
      throw new FileRefused('FILE_ENCRYPTED')
    default:
      throw new FileRefused('FILE_KIND_WRONG', { found: KINDS[kind] })
  }
}

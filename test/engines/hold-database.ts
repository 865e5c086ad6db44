/** Opens the embedded database of a folder and holds it until it is killed. */
import { openDatabase } from '../../src/platform/db/index.ts'

await openDatabase({ dataDir: process.argv[2] ?? '' })
process.stdout.write('open\n')

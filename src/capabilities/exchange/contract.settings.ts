import { z } from 'zod'

const name = z.string().trim().min(1).max(63)
/** What the ways of exchange need to know of a peer; nothing secret. */
export const wayFields = {
  folder: z.string().trim().max(400).optional().meta({ zh: '文件夹', en: 'Folder' }),
  schema: name.optional().meta({ zh: '模式', en: 'Schema' }),
  out: name.optional().meta({ zh: '提供数据的表', en: 'Table for what we hand over' }),
  in: name.optional().meta({ zh: '接收数据的表', en: 'Table for what we take' }),
  everySeconds: z.int().min(5).max(86_400).optional().meta({ zh: '间隔（秒）', en: 'Seconds between looks' }),
  url: z.string().trim().max(1000).optional().meta({ zh: '接收地址', en: 'Address of its receiver' }),
  ackUrl: z.string().trim().max(1000).optional().meta({ zh: '接收确认的地址', en: 'Address for our acknowledgements' }),
}

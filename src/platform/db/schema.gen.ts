// Generated from migrations/ by tools/generate-schema.ts; do not edit.
import type { ColumnType } from 'kysely'

export type JsonInput = string | { readonly [key: string]: unknown }
export type JsonColumn = ColumnType<unknown, JsonInput, JsonInput>

export interface Schema {}

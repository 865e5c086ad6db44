import { AbortedTransactionError, type CompiledQuery, type QueryResult } from 'kysely'
import type { Answer, Statement } from './batch.ts'
import { codeOf } from './fault.ts'
import { type RowsStatement, statementOf } from './rows.ts'
import { type Ground, Handle, type LaterWrite, type Session, asStatement, resultOf } from './session.ts'
import type { Tx } from './types.ts'

/**
 * Transactions that travel together. Each is about one subject (its key), asks little and writes at its end. While some are at
 * the database, those that arrive wait, and go as one: one BEGIN, their questions in one statement for each kind, all their
 * writes with one COMMIT. No two of them have one key, so none sees or touches the rows of another. What fails together is
 * undone together, and each is carried out again alone, where its own failure is its own.
 */

/** How long a shared transaction waits for a row that somebody else holds, before its members go on alone. */
const LOCK_MS = 50
const MOST = 32
/** As many as are worth a transaction of their own beside another: with fewer, its starting costs the server more than waiting. */
const FEW = 5

/** Told to a member whose transaction is no more; whatever it does then is forgotten. */
class Parted extends Error {
  constructor() {
    super('the shared transaction has ended')
  }
}

type Ask = { of: RowsStatement; values: readonly unknown[] } | { statement: Statement }
type Asking = { ask: Ask; answer: (answer: Answer) => void; fail: (error: unknown) => void }
type Ended = { value: unknown } | { error: unknown }

/** The place of one use case in a shared transaction. */
class Member extends Handle {
  asking: Asking[] = []
  ended: Ended | null = null
  writes: LaterWrite[] = []
  /** Some of its writes have been carried out, so it cannot leave alone any more. */
  wrote = false
  #parted = false
  readonly #turn: () => void

  constructor(turn: () => void) {
    super()
    this.#turn = turn
  }

  start(work: () => Promise<unknown>): void {
    work()
      .then(
        (value) => (this.ended = { value }),
        (error: unknown) => (this.ended = { error }),
      )
      .finally(this.#turn)
  }

  part(): void {
    this.#parted = true
    for (const { fail } of this.asking.splice(0)) fail(new Parted())
  }

  #ask(ask: Ask): Promise<Answer> {
    if (this.#parted) return Promise.reject(new Parted())
    return new Promise((answer, fail) => {
      this.asking.push({ ask, answer, fail })
      this.#turn()
    })
  }

  async askRow<R>(of: RowsStatement, values: readonly unknown[]): Promise<R[]> {
    return (await this.#ask({ of, values })).rows as R[]
  }
  async prepared<R>(name: string, text: string, values: readonly unknown[]): Promise<R[]> {
    return (await this.#ask({ statement: { name, text, values } })).rows as R[]
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return resultOf(await this.#ask({ statement: { text: query.sql, values: query.parameters } }))
  }
  later(write: LaterWrite): void {
    this.writes.push(write)
  }
  async copy(): Promise<number> {
    throw new Error('bulk writers travel alone')
  }
  async script(): Promise<void> {
    throw new Error('scripts travel alone')
  }
}

/** Of each member in its order; those of one name, where they stand at the same place, in one statement. */
const joined = (members: readonly Member[]): Statement[] => {
  const queues = members.map((m) => m.writes.splice(0))
  const statements: Statement[] = []
  for (;;) {
    const head = queues.find((q) => q.length)?.[0]
    if (!head) return statements
    if (!('join' in head)) {
      queues.find((q) => q[0] === head)?.shift()
      statements.push(head)
      continue
    }
    const parts: unknown[] = []
    for (const queue of queues) {
      const next = queue[0]
      if (next && 'join' in next && next.name === head.name) parts.push((queue.shift(), next.part))
    }
    statements.push(head.join(parts as never[]))
  }
}

/** One shared transaction, from the first question to the commit. */
class Joint {
  readonly #session: Session
  readonly #members: Member[]
  #settled: (() => void) | null = null

  constructor(session: Session, size: number) {
    this.#session = session
    this.#members = Array.from({ length: size }, () => new Member(() => this.#look()))
  }

  /** Every member has ended or waits for an answer. */
  #look(): void {
    if (this.#settled && this.#members.every((m) => m.ended || m.asking.length)) this.#settled()
  }
  async #allParked(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#settled = resolve
      this.#look()
    })
    this.#settled = null
  }

  /** Answers how each member ended; throws when the transaction as a whole is lost. */
  async carryOut(works: readonly ((handle: Handle) => Promise<unknown>)[]): Promise<Ended[]> {
    try {
      this.#session.begin('read committed')
      const limit = `set local lock_timeout = '${LOCK_MS}ms'`
      this.#session.later({ name: limit, text: limit, values: [] })
      this.#members.forEach((m, i) => m.start(() => works[i]!(m)))
      for (;;) {
        await this.#allParked()
        if (!this.#members.some((m) => m.asking.length)) break
        await this.#answer()
      }
      const good = this.#members.filter((m) => m.ended && 'value' in m.ended)
      if (this.#members.some((m) => m.wrote && !good.includes(m))) throw new Parted()
      for (const statement of joined(good)) this.#session.later(statement)
      await this.#session.commit()
      return this.#members.map((m) => m.ended!)
    } catch (error) {
      await this.#session.rollback()
      for (const m of this.#members) m.part()
      throw error
    }
  }

  /** One round trip for all that is asked now; writes that precede a question go before it. */
  async #answer(): Promise<void> {
    const statements: Statement[] = []
    const told: { at: number; asking: Asking }[] = []
    const kinds = new Map<string, { of: RowsStatement; rows: (readonly unknown[])[]; asking: Asking[] }>()
    for (const m of this.#members) {
      if (!m.asking.length) continue
      for (const write of m.writes.splice(0)) {
        m.wrote = true
        statements.push(asStatement(write))
      }
      for (const asking of m.asking.splice(0)) {
        const { ask } = asking
        if ('statement' in ask) {
          told.push({ at: statements.push(ask.statement) - 1, asking })
          continue
        }
        let kind = kinds.get(ask.of.name)
        if (!kind) kinds.set(ask.of.name, (kind = { of: ask.of, rows: [], asking: [] }))
        kind.rows.push(ask.values)
        kind.asking.push(asking)
      }
    }
    const first = statements.length
    for (const { of, rows } of kinds.values()) statements.push(statementOf(of, rows))
    try {
      const answers = (await this.#session.send(statements)).slice(-statements.length)
      for (const { at, asking } of told) asking.answer(answers[at]!)
      let at = first
      for (const { asking } of kinds.values()) {
        const answer = answers[at++]!
        byRow(answer.rows, asking.length).forEach((rows, i) =>
          asking[i]!.answer({ ...answer, count: rows.length, rows }),
        )
      }
    } catch (error) {
      for (const { asking } of told) asking.fail(new Parted())
      for (const { asking } of kinds.values()) for (const a of asking) a.fail(new Parted())
      throw error
    }
  }
}

/** An answer to many rows of parameters, by the row that each of its rows belongs to. */
const byRow = (answered: readonly Record<string, unknown>[], count: number): Record<string, unknown>[][] => {
  const rows = Array.from({ length: count }, (): Record<string, unknown>[] => [])
  for (const row of answered) rows[row.n as number]?.push(row)
  return rows
}

type Task = {
  key: string
  work: (tx: Tx) => Promise<unknown>
  alone: () => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** Whether the server has said no, to a statement or to the commit: then nothing was written. Else nobody knows. */
const wasRefused = (error: unknown): boolean =>
  error instanceof Parted ||
  error instanceof AbortedTransactionError ||
  /^(?!08|53|57|58|F0|XX)[0-9A-Z]{5}$/.test(codeOf(error))

export class Together {
  readonly #ground: Ground
  readonly #lanes: number
  #open = 0
  #waiting: Task[] = []
  readonly #keys = new Set<string>()
  #called = false

  constructor(ground: Ground, lanes: number) {
    this.#ground = ground
    this.#lanes = lanes
  }

  /** `alone` is the same work in a transaction of its own: when nobody else is under way, and after a failure. */
  run<T>(key: string, work: (tx: Tx) => Promise<T>, alone: () => Promise<T>): Promise<T> {
    this.#ground.mustBeFree()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, work, alone, resolve: resolve as Task['resolve'], reject })
      this.#soon()
    })
  }

  /** After all that has arrived by now has been read. */
  #soon(): void {
    if (this.#called) return
    this.#called = true
    setImmediate(() => {
      this.#called = false
      this.#pump()
    })
  }

  /** Those who wait and those under way are shared out among the lanes; beside another a lane opens for some only. */
  #pump(): void {
    while (this.#open < this.#lanes && this.#waiting.length >= (this.#open ? FEW : 1)) {
      const share = Math.ceil((this.#waiting.length + this.#keys.size) / this.#lanes)
      const tasks = this.#take(Math.max(FEW, share))
      if (!tasks.length) return
      this.#open++
      void this.#carry(tasks).finally(() => {
        this.#open--
        for (const task of tasks) this.#keys.delete(task.key)
        this.#soon()
      })
    }
  }

  /** The next ones whose subject nobody is busy with, in the order of their subjects, in which rows are locked. */
  #take(most: number): Task[] {
    const taken: Task[] = []
    this.#waiting = this.#waiting.filter((task) => {
      if (taken.length >= Math.min(most, MOST) || this.#keys.has(task.key)) return true
      this.#keys.add(task.key)
      taken.push(task)
      return false
    })
    return taken.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  }

  async #carry(tasks: readonly Task[]): Promise<void> {
    const apart = (left: readonly Task[]) =>
      Promise.all(left.map((task) => task.alone().then(task.resolve, task.reject)))
    if (tasks.length === 1) return void (await apart(tasks))
    let session: Session
    try {
      session = await this.#ground.take()
    } catch (error) {
      for (const task of tasks) task.reject(error)
      return
    }
    try {
      const joint = new Joint(session, tasks.length)
      const works = tasks.map(
        (task) => (handle: Handle) => this.#ground.holding(() => task.work(this.#ground.txOn(handle))),
      )
      const ends = await joint.carryOut(works)
      session.release()
      tasks.forEach((task, i) => {
        const end = ends[i]!
        if ('error' in end) task.reject(end.error)
        else task.resolve(end.value)
      })
    } catch (error) {
      session.release()
      if (wasRefused(error)) await apart(tasks)
      else for (const task of tasks) task.reject(error)
    }
  }
}

type Question = {
  values: readonly unknown[]
  resolve: (rows: Record<string, unknown>[]) => void
  reject: (error: unknown) => void
}
type Kind = { of: RowsStatement; open: number; waiting: Question[] }
type Asked = { of: RowsStatement; questions: Question[] }

/**
 * Questions by one row of parameters, outside of transactions. Those asked in one turn go as one, whatever their kind; while one
 * of a kind is at the database, those of its kind that arrive wait. Each is sent after it was asked, so what was committed
 * before is seen. What fails together is asked again alone.
 */
export class Gathered {
  readonly #free: () => void
  readonly #send: (asked: readonly Asked[]) => Promise<readonly Answer[]>
  readonly #kinds = new Map<string, Kind>()
  readonly #lanes: number
  #called = false

  constructor(ground: Ground, lanes: number) {
    this.#lanes = lanes
    this.#free = () => ground.mustBeFree()
    this.#send = async (asked) => {
      const session = await ground.take()
      try {
        const statements = asked.map(({ of, questions }) =>
          statementOf(
            of,
            questions.map((q) => q.values),
          ),
        )
        return await session.send(statements)
      } finally {
        session.release()
      }
    }
  }

  ask<R>(of: RowsStatement, values: readonly unknown[]): Promise<R[]> {
    this.#free()
    let kind = this.#kinds.get(of.name)
    if (!kind) this.#kinds.set(of.name, (kind = { of, open: 0, waiting: [] }))
    const { waiting } = kind
    return new Promise((resolve, reject) => {
      waiting.push({ values, resolve: resolve as Question['resolve'], reject })
      if (this.#called) return
      this.#called = true
      setImmediate(() => {
        this.#called = false
        const kinds = [...this.#kinds.values()].filter((k) => k.waiting.length && k.open < this.#lanes)
        if (kinds.length) void this.#carry(kinds)
      })
    })
  }

  async #carry(kinds: readonly Kind[]): Promise<void> {
    for (const kind of kinds) kind.open++
    for (;;) {
      const asked = kinds.flatMap(({ of, waiting }) =>
        waiting.length ? [{ of, questions: waiting.splice(0, MOST) }] : [],
      )
      if (!asked.length) break
      await this.#answer(asked)
    }
    for (const kind of kinds) kind.open--
  }

  async #answer(asked: readonly Asked[]): Promise<void> {
    try {
      const answers = await this.#send(asked)
      asked.forEach(({ questions }, i) =>
        byRow(answers[i]!.rows, questions.length).forEach((rows, at) => questions[at]!.resolve(rows)),
      )
    } catch (error) {
      const several = asked.length > 1 || asked.some((a) => a.questions.length > 1)
      for (const { of, questions } of asked)
        for (const question of questions) {
          if (several && wasRefused(error)) await this.#answer([{ of, questions: [question] }])
          else question.reject(error)
        }
    }
  }
}

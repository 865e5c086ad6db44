import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { PASSWORD, addPerson, codeFrom, describeEngines, problemOf, startPlatform } from '../../../test/harness.ts'
import { dayOf } from '../../kernel/time.ts'
import { inTx } from '../../platform/db/index.ts'
import { endpoints } from './contract.ts'

const SESSION = '/api/v1/session'
const json = { 'content-type': 'application/json' }
const nobody = '00000000-0000-7000-8000-000000000000'

describeEngines('access', (p) => {
  const audit = async (act: string, target: string) =>
    (
      await sql<{
        n: number
      }>`select count(*) as n from platform.audit where act = ${act} and target_id = ${target}`.execute(
        p().runtime.db.kysely,
      )
    ).rows[0]!.n

  it('signs in with a cookie that scripts cannot read, and out again', async () => {
    const caller = p().anonymous()
    const response = await caller.send('POST', SESSION, {
      headers: json,
      body: JSON.stringify({ login: 'collector', password: PASSWORD }),
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toMatch(/^xh_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    const access = caller.client(endpoints)
    const { person } = await access.getSession()
    expect(person).toMatchObject({
      roles: ['collector'],
      authorityName: '广州市交通运输局',
      division: '440100',
      mustChange: false,
    })
    const { rows } = await sql<{
      token_hash: string
    }>`select token_hash from access.session where person_id = ${person!.id}`.execute(p().runtime.db.kysely)
    expect(response.headers.get('set-cookie')).not.toContain(rows[0]!.token_hash)
    expect(await access.signOut()).toEqual({ person: null, csrf: null })
    expect((await access.getSession()).person).toBeNull()
    expect(await audit('access.sign_in', person!.id)).toBe(1)
    expect(await audit('access.sign_out', person!.id)).toBe(1)
  })

  it('answers an unknown login and a wrong password alike', async () => {
    const say = async (login: string, password: string) => {
      const { code, detail, status } = await problemOf(p().anonymous().client(endpoints).signIn({ login, password }))
      return { code, detail, status }
    }
    const wrong = await say('auditor', 'wrong-password-1')
    expect(wrong).toEqual({ code: 'WRONG_CREDENTIALS', status: 401, detail: '登录名或者密码不正确。' })
    expect(await say('no-such-login', 'wrong-password-1')).toEqual(wrong)
  })

  it('blocks a login after five failures, longer each time, and forgets after a success', async () => {
    await addPerson(p(), { login: 'guessed', role: 'collector', authorityId: p().world.authorities.traffic })
    const access = p().anonymous().client(endpoints)
    const guess = (password = 'wrong-password-1') => access.signIn({ login: 'guessed', password })
    for (let i = 0; i < 5; i++) expect((await problemOf(guess())).code).toBe('WRONG_CREDENTIALS')
    const blocked = await problemOf(guess(PASSWORD))
    expect(blocked).toMatchObject({ code: 'THROTTLED', status: 429 })
    expect(blocked.detail).toMatch(/^尝试次数过多，请在 \d+ 秒后再试。$/)
    const response = await p()
      .anonymous()
      .send('POST', SESSION, { headers: json, body: JSON.stringify({ login: 'guessed', password: 'x' }) })
    const first = Number(response.headers.get('retry-after'))
    expect(first).toBeGreaterThan(0)
    p().clock.advance({ seconds: 31 })
    expect((await problemOf(guess())).code).toBe('WRONG_CREDENTIALS')
    const second = (await problemOf(guess())).errors[0]!.params!.seconds as number
    expect(second).toBeGreaterThan(first)
    p().clock.advance({ minutes: 2 })
    expect((await guess(PASSWORD)).person?.id).toBeTruthy()
    expect((await problemOf(guess())).code).toBe('WRONG_CREDENTIALS')
    expect((await guess(PASSWORD)).person?.id).toBeTruthy()
  })

  it('counts guesses that come at once', async () => {
    await addPerson(p(), { login: 'rushed', role: 'collector', authorityId: p().world.authorities.traffic })
    const guesses = Array.from({ length: 8 }, () =>
      problemOf(p().anonymous().client(endpoints).signIn({ login: 'rushed', password: 'wrong-password-1' })),
    )
    await Promise.all(guesses)
    expect(
      (await problemOf(p().anonymous().client(endpoints).signIn({ login: 'rushed', password: PASSWORD }))).code,
    ).toBe('THROTTLED')
    p().clock.advance({ hours: 3 })
  })

  it('refuses a write with the cookie alone, with a wrong token, or from another site', async () => {
    const caller = await p().as('territory_admin')
    const { csrf } = await caller.client(endpoints).getSession()
    let cookie = ''
    const spy = p().anonymous({
      fetch: (url, init) =>
        fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie, ...extra } }),
    })
    let extra: Record<string, string> = {}
    const response = await fetch(`${p().url}${SESSION}`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ login: 'territory_admin', password: PASSWORD }),
    })
    cookie = response.headers.get('set-cookie')!.split(';')[0]!
    const own = ((await response.json()) as { csrf: string }).csrf
    const body = JSON.stringify({})
    const post = async (headers: Record<string, string>) => {
      const reply = await fetch(`${p().url}/api/v1/authorities`, {
        method: 'POST',
        headers: { ...json, cookie, ...headers },
        body,
      })
      return ((await reply.json()) as { code: string }).code
    }
    expect(await post({})).toBe('BAD_CSRF')
    expect(await post({ 'x-csrf-token': 'x' })).toBe('BAD_CSRF')
    expect(await post({ 'x-csrf-token': csrf! }), 'the token of another session').toBe('BAD_CSRF')
    expect(await post({ 'x-csrf-token': own, origin: 'https://elsewhere.example' })).toBe('WRONG_ORIGIN')
    expect(await post({ 'x-csrf-token': own, origin: 'null' })).toBe('WRONG_ORIGIN')
    expect(await post({ 'x-csrf-token': own, origin: p().url })).toBe('BAD_INPUT')
    extra = { origin: 'https://elsewhere.example' }
    expect((await problemOf(spy.client(endpoints).signIn({ login: 'auditor', password: PASSWORD }))).code).toBe(
      'WRONG_ORIGIN',
    )
  })

  it('ends a session after 30 idle minutes, and after 12 hours in any case', async () => {
    const auditor = (await p().as('auditor')).client(endpoints)
    p().clock.advance({ minutes: 29 })
    expect((await auditor.listAudit({})).rows.length).toBeGreaterThan(0)
    p().clock.advance({ minutes: 29 })
    expect((await auditor.listAudit({})).rows.length).toBeGreaterThan(0)
    p().clock.advance({ minutes: 31 })
    expect(await problemOf(auditor.listAudit({}))).toMatchObject({ code: 'SESSION_EXPIRED', status: 401 })
    const busy = (await p().as('auditor')).client(endpoints)
    for (let i = 0; i < 24; i++) {
      p().clock.advance({ minutes: 29 })
      await busy.getSession()
    }
    p().clock.advance({ minutes: 29 })
    expect((await problemOf(busy.listAudit({}))).code).toBe('SESSION_EXPIRED')
    expect((await problemOf(p().anonymous().client(endpoints).listAudit({}))).code).toBe('UNAUTHENTICATED')
  })

  it('gives keys their scopes and no more, until they expire or are revoked', async () => {
    const security = (await p().as('security_admin')).client(endpoints)
    const made = await security.createKey({
      name: '交通局报送系统',
      authorityId: p().world.authorities.traffic,
      scopes: ['collect'],
      expiresOn: '2026-12-31',
    })
    expect(made.secret).toMatch(/^xh_[0-9a-f]{10}_[0-9a-f]{64}$/)
    const { rows } = await sql<{
      secret_hash: string
    }>`select secret_hash from access.api_key where id = ${made.key.id}`.execute(p().runtime.db.kysely)
    expect(made.secret).not.toContain(rows[0]!.secret_hash)
    expect((await security.listKeys({})).rows.find((k) => k.id === made.key.id)).toEqual(made.key)

    const system = p().anonymous({ key: made.secret, jar: false })
    expect(await problemOf(system.client(endpoints).listKeys({}))).toMatchObject({ code: 'FORBIDDEN', status: 403 })
    expect((await system.client(endpoints).getSession()).person).toBeNull()
    const used = (await security.listKeys({})).rows.find((k) => k.id === made.key.id)
    expect(used?.lastUsedAt).not.toBeNull()
    const forged = p().anonymous({
      key: `${made.secret.slice(0, -1)}${made.secret.endsWith('0') ? '1' : '0'}`,
      jar: false,
    })
    expect(await problemOf(forged.client(endpoints).getSession())).toMatchObject({ code: 'BAD_KEY', status: 401 })
    await security.revokeKey({ id: made.key.id })
    expect((await problemOf(system.client(endpoints).getSession())).code).toBe('BAD_KEY')

    const short = await security.createKey({
      name: '短期',
      authorityId: p().world.authorities.traffic,
      scopes: ['read'],
      expiresOn: '2026-12-31',
    })
    const expiring = p().anonymous({ key: short.secret, jar: false }).client(endpoints)
    await expiring.getSession()
    const before = p().clock.now()
    p().clock.set('2026-12-31T16:00:01Z')
    expect((await problemOf(expiring.getSession())).code).toBe('BAD_KEY')
    p().clock.set(before)
    expect((await problemOf(security.createKey({ name: '无主', scopes: ['read'] }))).errors[0]!.message).toContain(
      '密钥应当属于',
    )
  })

  it('keeps administrators in their territory: what lies outside does not exist for them', async () => {
    await addPerson(p(), { login: 'district_admin', role: 'territory_admin', division: '440106' })
    await addPerson(p(), { login: 'district_security', role: 'security_admin', division: '440106' })
    await addPerson(p(), { login: 'district_auditor', role: 'auditor', division: '440106' })
    const admin = (await p().as('district_admin')).client(endpoints)
    const { authorities, people } = p().world
    expect((await admin.listAuthorities({})).rows.map((a) => a.id)).toEqual([authorities.district])
    const outside = {
      name: '改名',
      system: 'general' as const,
      duties: [],
      receivingChannel: null,
      active: true,
      seen: 1,
    }
    expect(await problemOf(admin.getAuthority({ id: authorities.market }))).toMatchObject({
      code: 'NOT_FOUND',
      status: 404,
    })
    expect((await problemOf(admin.updateAuthority({ id: authorities.market, ...outside }))).code).toBe('NOT_FOUND')
    expect((await problemOf(admin.getPerson({ id: people.officer }))).code).toBe('NOT_FOUND')
    expect((await problemOf(admin.suspendPerson({ id: people.officer, seen: 1 }))).code).toBe('NOT_FOUND')
    expect((await problemOf(admin.resetPassword({ id: people.officer, seen: 1 }))).code).toBe('NOT_FOUND')
    expect(
      (await problemOf(admin.grantRole({ id: people.officer, role: 'head', authorityId: authorities.district }))).code,
    ).toBe('NOT_FOUND')
    const wish = { login: 'x-outside', name: '张三', password: PASSWORD, role: 'officer' } as const
    expect((await problemOf(admin.createPerson({ ...wish, authorityId: authorities.market }))).code).toBe('NOT_FOUND')
    expect((await problemOf(admin.createPerson({ ...wish, role: 'enterprise', division: '440100' }))).code).toBe(
      'OUTSIDE_TERRITORY',
    )
    const code = codeFrom('11440100MB2C34567')
    expect(
      (await problemOf(admin.createAuthority({ code, name: '某局', division: '440100', system: 'tax' }))).code,
    ).toBe('OUTSIDE_TERRITORY')
    const security = (await p().as('district_security')).client(endpoints)
    expect((await problemOf(security.createKey({ name: 'x', peerId: nobody, scopes: ['feed'] }))).code).toBe(
      'OUTSIDE_TERRITORY',
    )
    expect(
      (await problemOf(security.createKey({ name: 'x', authorityId: authorities.market, scopes: ['read'] }))).code,
    ).toBe('NOT_FOUND')
    const made = await (await p().as('security_admin'))
      .client(endpoints)
      .createKey({ name: 'k', authorityId: authorities.market, scopes: ['read'] })
    expect((await problemOf(security.revokeKey({ id: made.key.id }))).code).toBe('NOT_FOUND')
    expect((await security.listKeys({})).rows).toEqual([])
    const seen = await (await p().as('district_auditor')).client(endpoints).listAudit({ limit: 100 })
    expect(seen.rows.every((row) => row.authorityName === '广州市天河区市场监督管理局')).toBe(true)
  })

  it('creates and changes authorities, and refuses a stale change, a double code and a wrong one', async () => {
    const admin = (await p().as('territory_admin')).client(endpoints)
    const code = codeFrom('11440100MB2C98765')
    const made = await admin.createAuthority({
      code,
      name: '广州市生态环境局',
      division: '440100',
      system: 'general',
      duties: ['penalty'],
    })
    expect(made).toMatchObject({ code, version: 1, active: true, duties: ['penalty'], isCreditOffice: false })
    expect(await audit('access.create_authority', made.id)).toBe(1)
    expect(
      (await problemOf(admin.createAuthority({ code, name: '又一个', division: '440100', system: 'general' }))).code,
    ).toBe('AUTHORITY_CODE_TAKEN')
    expect(
      (
        await problemOf(
          admin.createAuthority({
            code: '11440100MB2C98765Z'.replace('Z', code.endsWith('0') ? '1' : '0'),
            name: '错',
            division: '440100',
            system: 'general',
          }),
        )
      ).code,
    ).toBe('BAD_AUTHORITY_CODE')
    const change = {
      id: made.id,
      name: '广州市生态环境局',
      system: 'general' as const,
      duties: ['penalty', 'licence'],
      receivingChannel: '公文交换',
      active: true,
    }
    expect((await admin.updateAuthority({ ...change, seen: 1 })).version).toBe(2)
    expect(await problemOf(admin.updateAuthority({ ...change, seen: 1 }))).toMatchObject({ code: 'STALE', status: 409 })
    const both = await Promise.allSettled([
      admin.updateAuthority({ ...change, seen: 2 }),
      admin.updateAuthority({ ...change, seen: 2 }),
    ])
    expect(both.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await admin.getAuthority({ id: made.id })).toMatchObject({ version: 3, receivingChannel: '公文交换' })
    await admin.updateAuthority({ ...change, active: false, seen: 3 })
    expect(
      (
        await problemOf(
          admin.createPerson({
            login: 'x-inactive',
            name: '李四',
            password: PASSWORD,
            role: 'officer',
            authorityId: made.id,
          }),
        )
      ).code,
    ).toBe('AUTHORITY_INACTIVE')
    expect((await admin.listAuthorities({ active: 'false' })).rows.map((a) => a.id)).toEqual([made.id])
  })

  it('creates people who must change their password first', async () => {
    const admin = (await p().as('territory_admin')).client(endpoints)
    const wish = {
      login: 'newcomer',
      name: '王五',
      password: 'first-password-1',
      role: 'officer',
      authorityId: p().world.authorities.market,
    } as const
    const made = await admin.createPerson(wish)
    expect(made).toMatchObject({
      state: 'active',
      mustChange: true,
      roles: [{ role: 'officer', authorityName: '广州市市场监督管理局', division: '440100' }],
    })
    expect((await problemOf(admin.createPerson(wish))).code).toBe('LOGIN_TAKEN')
    const caller = await p().as('newcomer', wish.password)
    const own = caller.client(endpoints)
    expect((await own.getSession()).person?.mustChange).toBe(true)
    expect((await caller.send('GET', '/api/v1/keys')).status).toBe(403)
    expect((await problemOf(own.changePassword({ current: 'not-this-one-1', next: 'second-password-2' }))).code).toBe(
      'WRONG_CREDENTIALS',
    )
    expect((await problemOf(own.changePassword({ current: wish.password, next: wish.password }))).code).toBe(
      'PASSWORD_UNCHANGED',
    )
    expect(
      (await problemOf(own.changePassword({ current: wish.password, next: 'short' }))).errors.map((e) => e.message),
    ).toEqual(['新密码：不能少于 10 个字符。', '新密码：密码应当同时包含字母和数字或者符号。'])
    const other = await p().as('newcomer', wish.password)
    expect((await own.changePassword({ current: wish.password, next: 'second-password-2' })).person?.mustChange).toBe(
      false,
    )
    expect((await own.getSession()).person?.id).toBe(made.id)
    expect((await other.client(endpoints).getSession()).person, 'other sessions have ended').toBeNull()
    expect((await problemOf(p().as('newcomer', wish.password))).code).toBe('WRONG_CREDENTIALS')
    await p().as('newcomer', 'second-password-2')
  })

  it('asks a person with a first password to change it before anything else', async () => {
    const admin = (await p().as('security_admin')).client(endpoints)
    await admin.createPerson({
      login: 'fresh_auditor',
      name: '赵六',
      password: 'first-password-1',
      role: 'auditor',
      division: '440100',
    })
    const fresh = (await p().as('fresh_auditor', 'first-password-1')).client(endpoints)
    expect(await problemOf(fresh.listAudit({}))).toMatchObject({ code: 'PASSWORD_MUST_CHANGE', status: 403 })
  })

  it('suspends, reinstates and resets within seconds', async () => {
    const id = await addPerson(p(), { login: 'leaver', role: 'officer', authorityId: p().world.authorities.market })
    const admin = (await p().as('territory_admin')).client(endpoints)
    const leaver = (await p().as('leaver')).client(endpoints)
    expect((await leaver.getSession()).person?.id).toBe(id)
    expect((await problemOf(admin.suspendPerson({ id, seen: 9 }))).code).toBe('STALE')
    await admin.suspendPerson({ id, seen: 1 })
    expect((await leaver.getSession()).person).toBeNull()
    expect(await problemOf(p().as('leaver'))).toMatchObject({ code: 'ACCOUNT_SUSPENDED', status: 403 })
    await admin.reinstatePerson({ id, seen: 2 })
    const { password, person } = await admin.resetPassword({ id, seen: 3 })
    expect(person.mustChange).toBe(true)
    expect((await problemOf(p().as('leaver'))).code).toBe('WRONG_CREDENTIALS')
    expect((await (await p().as('leaver', password)).client(endpoints).getSession()).person?.mustChange).toBe(true)
    expect(await audit('access.reset_password', id)).toBe(1)
    expect((await problemOf(admin.suspendPerson({ id: p().world.people.territory_admin, seen: 1 }))).code).toBe(
      'NOT_ON_YOURSELF',
    )
  })

  it('grants and ends roles; the three administrators keep to their own', async () => {
    const { authorities, people } = p().world
    const id = await addPerson(p(), { login: 'mover', role: 'officer', authorityId: authorities.market })
    const admin = (await p().as('territory_admin')).client(endpoints)
    const code = async (call: Promise<unknown>) => (await problemOf(call)).code
    expect(await code(admin.grantRole({ id, role: 'auditor', division: '440100' }))).toBe('ROLE_NOT_YOURS_TO_GRANT')
    expect(await code(admin.suspendPerson({ id: people.security_admin, seen: 1 }))).toBe('ROLE_NOT_YOURS_TO_GRANT')
    expect(await code(admin.grantRole({ id, role: 'officer', authorityId: authorities.market }))).toBe(
      'ROLE_HELD_ALREADY',
    )
    expect(await code(admin.grantRole({ id, role: 'collector', authorityId: authorities.traffic }))).toBe(
      'ONE_AUTHORITY_ONLY',
    )
    expect(await code(admin.grantRole({ id, role: 'head' }))).toBe('ROLE_NEEDS_AUTHORITY')
    expect(await code(admin.grantRole({ id, role: 'enterprise', division: '440100' }))).toBe('ROLES_DO_NOT_MIX')
    expect(
      await code(admin.createPerson({ login: 'no-place', name: '某', password: PASSWORD, role: 'enterprise' })),
    ).toBe('ROLE_NEEDS_DIVISION')
    const granted = await admin.grantRole({ id, role: 'head', authorityId: authorities.market })
    const mover = (await p().as('mover')).client(endpoints)
    expect((await mover.getSession()).person?.roles).toEqual(['officer', 'head'])
    const head = granted.roles.find((r) => r.role === 'head')!
    await admin.endRole({ id, roleId: head.id })
    expect((await mover.getSession()).person?.roles).toEqual(['officer'])
    expect(await code(admin.endRole({ id, roleId: head.id }))).toBe('NOT_FOUND')
    expect(await audit('access.grant_role', id)).toBe(2)
    expect((await admin.listPeople({ q: 'mover' })).rows[0]?.roles.length).toBe(2)
  })

  it('gives and ends mandates', async () => {
    const admin = (await p().as('territory_admin')).client(endpoints)
    const subjectId = '019ab000-0000-7000-8000-000000000001'
    const ask = { personId: p().world.people.enterprise, subjectId, kind: 'agent', validFrom: '2026-01-01' } as const
    expect((await problemOf(admin.createMandate({ ...ask, validTo: '2025-01-01' }))).errors[0]).toMatchObject({
      path: 'validTo',
      message: '失效日：失效日应当晚于生效日。',
    })
    expect((await problemOf(admin.createMandate({ ...ask, personId: p().world.people.officer }))).code).toBe(
      'MANDATE_NEEDS_ENTERPRISE',
    )
    const mandate = await admin.createMandate(ask)
    const enterprise = (await p().as('enterprise')).client(endpoints)
    expect((await enterprise.getSession()).person?.subjectIds).toEqual([subjectId])
    expect((await admin.listMandates({ subjectId })).rows).toEqual([mandate])
    const ended = await admin.endMandate({ subjectId, id: mandate.id })
    expect(ended.validTo).toBe(dayOf(p().clock.now()))
    expect((await problemOf(admin.endMandate({ subjectId: nobody, id: mandate.id }))).code).toBe('NOT_FOUND')
    expect((await enterprise.getSession()).person?.subjectIds).toEqual([])
  })

  it('lists by key, page after page, and refuses a cursor that is none', async () => {
    const admin = (await p().as('territory_admin')).client(endpoints)
    const all = (await admin.listPeople({ limit: 100 })).rows.map((r) => r.login)
    const paged: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await admin.listPeople({ limit: 3, ...(after ? { after } : {}) })
      paged.push(...page.rows.map((r) => r.login))
      if (!page.next) break
      after = page.next
    }
    expect(paged).toEqual(all)
    expect(await problemOf(admin.listPeople({ after: 'nonsense' }))).toMatchObject({ code: 'BAD_CURSOR', status: 400 })
    const auditor = (await p().as('auditor')).client(endpoints)
    const first = await auditor.listAudit({ limit: 2, act: 'access.' })
    const second = await auditor.listAudit({ limit: 2, act: 'access.', after: first.next! })
    expect(new Set([...first.rows, ...second.rows].map((r) => r.id)).size).toBe(4)
    expect((await problemOf(auditor.listAudit({ after: 'bm9uc2Vuc2U' }))).code).toBe('BAD_CURSOR')
  })

  it('seals the audit and says which seal is broken', async () => {
    await p().drain()
    const auditor = (await p().as('auditor')).client(endpoints)
    const good = await auditor.verifyAudit()
    expect(good).toMatchObject({ ok: true, bad: null })
    expect(good.rows).toBeGreaterThan(10)
    const { db } = p().runtime
    const change = (statement: ReturnType<typeof sql>) =>
      inTx(db, async (tx) => {
        await sql`alter table platform.audit disable trigger audit_append_only`.execute(tx)
        await statement.execute(tx)
        await sql`alter table platform.audit enable trigger audit_append_only`.execute(tx)
      })
    const [row] = (
      await sql<{
        id: string
        at: string
      }>`select id, at from platform.audit where act = 'access.create_person' order by commit_n limit 1`.execute(
        db.kysely,
      )
    ).rows
    await change(sql`update platform.audit set at = at + interval '1 microsecond' where id = ${row!.id}`)
    expect((await auditor.verifyAudit()).bad).toMatchObject({ seal: 1, why: 'changed' })
    await change(sql`update platform.audit set at = at - interval '1 microsecond' where id = ${row!.id}`)
    expect((await auditor.verifyAudit()).ok).toBe(true)
    await change(
      sql`insert into platform.audit select ${nobody}::uuid, at, commit_n, actor_kind, actor_id, authority_id, act, target_kind, target_id, subject_id, details, request_id from platform.audit where id = ${row!.id}`,
    )
    expect((await auditor.verifyAudit()).bad).toMatchObject({ seal: 1, why: 'added' })
    await change(sql`delete from platform.audit where id = ${nobody}`)
    await change(sql`update platform.audit set commit_n = commit_n + 1000000 where id = ${row!.id}`)
    expect((await auditor.verifyAudit()).bad).toMatchObject({ seal: 1, why: 'missing' })
    await change(sql`update platform.audit set commit_n = commit_n - 1000000 where id = ${row!.id}`)
    await expect(sql`delete from platform.audit where id = ${row!.id}`.execute(db.kysely)).rejects.toThrow(
      'append-only',
    )
  })

  it('carries out a write once for each Idempotency-Key', async () => {
    const admin = (await p().as('territory_admin')).client(endpoints)
    const ask = {
      code: codeFrom('11440100MB2C11111'),
      name: '广州市水务局',
      division: '440100',
      system: 'general',
    } as const
    const first = await admin.createAuthority(ask, { idempotencyKey: 'once-1' })
    expect(await admin.createAuthority(ask, { idempotencyKey: 'once-1' })).toEqual(first)
    expect(
      await problemOf(admin.createAuthority({ ...ask, name: '另一个' }, { idempotencyKey: 'once-1' })),
    ).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 409 })
    expect((await problemOf(admin.createAuthority(ask, { idempotencyKey: 'k'.repeat(201) }))).code).toBe(
      'BAD_IDEMPOTENCY_KEY',
    )
    expect(await audit('access.create_authority', first.id)).toBe(1)
    const twin = { ...ask, code: codeFrom('11440100MB2C22222') }
    const [a, b] = await Promise.all([
      admin.createAuthority(twin, { idempotencyKey: 'once-2' }),
      admin.createAuthority(twin, { idempotencyKey: 'once-2' }),
    ])
    expect(a).toEqual(b)
    const refused = { ...ask, code: codeFrom('11440100MB2C33333'), division: '510100' }
    expect((await problemOf(admin.createAuthority(refused, { idempotencyKey: 'once-3' }))).code).toBe(
      'OUTSIDE_TERRITORY',
    )
    const mended = { ...refused, division: '440100' }
    expect((await admin.createAuthority(mended, { idempotencyKey: 'once-3' })).code).toBe(mended.code)
  })
})

it('keeps a committed request from running twice after a crash, and lets an uncommitted one run', async () => {
  const p = await startPlatform()
  const admin = (await p.as('territory_admin')).client(endpoints)
  const ask = {
    code: codeFrom('11440100MB2C44444'),
    name: '广州市林业局',
    division: '440100',
    system: 'general',
  } as const
  await admin.createAuthority(ask, { idempotencyKey: 'crash' })
  const set = (status: number | null) =>
    inTx(p.runtime.db, (tx) =>
      sql`update platform.idempotency set status = ${status}, reply = null where key = 'crash'`.execute(tx),
    )
  await set(102)
  expect((await problemOf(admin.createAuthority(ask, { idempotencyKey: 'crash' }))).code).toBe('IDEMPOTENCY_REPLY_LOST')
  await set(null)
  expect((await problemOf(admin.createAuthority(ask, { idempotencyKey: 'crash' }))).code).toBe(
    'IDEMPOTENCY_IN_PROGRESS',
  )
  p.clock.advance({ minutes: 11 })
  expect(
    (await problemOf(admin.createAuthority(ask, { idempotencyKey: 'crash' }))).code,
    'it ran, and found its own row',
  ).toBe('AUTHORITY_CODE_TAKEN')
  p.clock.advance({ days: 2 })
  await p.drain()
  const { rows } = await sql<{ n: number }>`select count(*) as n from platform.idempotency`.execute(p.runtime.db.kysely)
  expect(rows[0]!.n).toBe(0)
  await p.close()
})

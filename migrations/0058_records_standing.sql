-- Whoever decides about a record needs what it is about, its windows and what has happened to it, and nothing of what it says:
-- the fields of a record are most of its weight.
create view records.v_standing as
  select r.subject_id as "subjectId", r.id, r.item, r.division, r.authority_id as "authorityId", r.authority_name as "authorityName",
    r.doc_no as "docNo", r.decided_on as "decidedOn", r.published_on as "publishedOn", r.version, r.disposed, r.facts, r.windows, r.class,
    r.earliest, r.shown_from as "shownFrom", r.shown_until as "shownUntil", r.state,
    case when r.disposed > 0 then (
      select json_agg(json_build_object('id', d.id, 'recordId', d.record_id, 'kind', d.kind, 'channel', d.channel,
        'effectiveFrom', d.effective_from, 'recordedAt', to_char(d.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'recordedBy', d.recorded_by, 'reason', d.reason, 'basis', d.basis, 'restart', d.restart, 'caseId', d.case_id)
        order by d.n)
      from records.disposition d where d.subject_id = r.subject_id and d.record_id = r.id) end as dispositions
  from records.record r;

-- What may be handed on of a record names its window on this platform's own site as columns too, as the record keeps it: whoever
-- takes from that channel is asked for thousands of records at a time, and the windows of all channels need not be read for them.
create or replace view records.v_shared as
  select r.subject_id, r.id as record_id, r.item, r.division, r.authority_name, r.doc_no, r.decided_on, r.version, r.state,
    r.facts->>'subjectKind' as subject_kind, r.fields, r.windows,
    case when r.disposed > 0 then (
      select d.kind = 'disputed' from records.disposition d
      where d.subject_id = r.subject_id and d.record_id = r.id and d.kind in ('disputed', 'dispute_closed')
      order by d.n desc limit 1) end as disputed,
    r.shown_from as site_from, r.shown_until as site_until, r.basis as site_basis
  from records.record r;

-- Fewer indexes on what every write appends to. One index serves where two began alike: the sealing reads the audit by commit, the
-- withdrawals are among the withdrawals and restorations, and the acts of an item are read by the item.
alter table platform.audit drop constraint audit_pkey;
alter table platform.audit add primary key (commit_n, id);
drop index platform.audit_commit;

drop index platform.event_withdrawn;

alter table repair.act drop constraint act_pkey;
alter table repair.act add primary key (subject_id, item_id, id);
drop index repair.act_item;

-- What happens to a record changes no indexed column of it: with room on its page the new row needs no index entries.
alter table records.record set (fillfactor = 85);
-- A subject has few items: they are found by the subject.
drop index repair.item_application;

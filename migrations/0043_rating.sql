-- Industry ratings are raised by those who rated, under their industry's own method: a system of its own beside the others.
alter table repair.item drop constraint item_system_check;
alter table repair.item add constraint item_system_check check (system in ('credit_china', 'necips', 'tax', 'court', 'rating'));

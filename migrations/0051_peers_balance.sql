-- How many deliveries each peer has been made, so that its balance costs what is open: those that are not acknowledged are
-- counted by their index, and all others are acknowledged.

-- One row for each statement that made some, brought together to one a peer now and then: nobody waits for another's count.
create table exchange.made (
  peer_id uuid not null,
  id bigint generated always as identity,
  n bigint not null,
  primary key (peer_id, id)
);
insert into exchange.made (peer_id, n) select peer_id, count(*) from exchange.delivery group by peer_id;

-- Once a statement, in its transaction: the count holds at every commit, whoever makes deliveries.
create function exchange.count_made() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into exchange.made (peer_id, n) select m.peer_id, count(*) from counted m group by m.peer_id;
  else
    insert into exchange.made (peer_id, n) select m.peer_id, -count(*) from counted m group by m.peer_id;
  end if;
  return null;
end $$;
create trigger delivery_made after insert on exchange.delivery
  referencing new table as counted for each statement execute function exchange.count_made();
create trigger delivery_unmade after delete on exchange.delivery
  referencing old table as counted for each statement execute function exchange.count_made();

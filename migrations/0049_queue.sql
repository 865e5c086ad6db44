-- Deliveries are found by their record, their event or their place in the queue, never by all of a peer. Statistics of single peers
-- misled the planner: a peer that they do not know seems to have no deliveries, and reading all of them for each row seems cheap.
alter table exchange.delivery alter column peer_id set statistics 0;

-- The queue is read in its order; what is due of it is told by each row. The index by the time changed with every attempt.
drop index exchange.delivery_due;

-- The read model of archived plans goes: how a plan stood when it was archived is folded from the ledger (decision 0029).

delete from projection_tables where projection = 'archived_plans';

delete from projection_checkpoints where projection = 'archived_plans';

-- squawk-ignore ban-drop-table
drop table archived_plans;

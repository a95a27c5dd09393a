-- Fewer indexes, and none that a change of state moves: each of them costs every job that is stored, fired and
-- completed, and what they served is rare or small.

-- Queries by group (pause and resume of a queue) find the group here and look at the state in the row.
ALTER TABLE ${prefix}TRIGGERS
  DROP INDEX IDX_QRTZ_T_G,
  ADD INDEX IDX_QRTZ_T_G (SCHED_NAME, TRIGGER_GROUP);
-- A namespace's JobDetails: Quartz's own listing reads the whole table, as it does without a group.
ALTER TABLE ${prefix}JOB_DETAILS DROP INDEX IDX_QRTZ_J_GRP;
-- What is running fits into a few pages.
ALTER TABLE ${prefix}FIRED_TRIGGERS DROP INDEX IDX_QRTZ_FT_T_G;
-- Only paused jobs have this.
ALTER TABLE job
  DROP INDEX job_by_pause,
  ADD INDEX job_by_pause (pause_until);

-- A user for operations staff who can read, and nothing else, what a running cluster is doing: Quartz's tables, the
-- executions, the nodes and the v_* views with readable times. Not readable: job definitions in full (they may hold
-- payloads), kept answers to clients.
--
-- Run it once, after the first start of the server, as a user who may grant, with the schema as the default one:
--   mysql --user=root --password carillon < grant-operations-reader.sql
-- Change the password below first. Tables that start with QRTZ_ have the name that org.quartz.jobStore.tablePrefix says.

CREATE USER IF NOT EXISTS 'carillon_reader'@'%' IDENTIFIED BY 'change-me';

GRANT SELECT ON QRTZ_JOB_DETAILS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_TRIGGERS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_SIMPLE_TRIGGERS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_CRON_TRIGGERS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_SIMPROP_TRIGGERS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_BLOB_TRIGGERS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_CALENDARS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_PAUSED_TRIGGER_GRPS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_FIRED_TRIGGERS TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_SCHEDULER_STATE TO 'carillon_reader'@'%';
GRANT SELECT ON QRTZ_LOCKS TO 'carillon_reader'@'%';

GRANT SELECT (namespace, id, name, queue, priority, host, origin, scheduler, state, generation, version, runs,
  last_scheduled_at, pause_reason, pause_until, created_at, updated_at, finished_at)
  ON job TO 'carillon_reader'@'%';
GRANT SELECT (id, scheduled_at, namespace, job_id, generation, queue, state, reason, attempt, uncounted, deaths, node,
  fired_at, started_at, finished_at, next_attempt_at, http_status, error)
  ON execution TO 'carillon_reader'@'%';
GRANT SELECT ON attempt TO 'carillon_reader'@'%';
GRANT SELECT ON job_group TO 'carillon_reader'@'%';
GRANT SELECT ON group_member TO 'carillon_reader'@'%';
GRANT SELECT ON follower TO 'carillon_reader'@'%';
GRANT SELECT ON breaker TO 'carillon_reader'@'%';
GRANT SELECT ON lane TO 'carillon_reader'@'%';
GRANT SELECT ON held TO 'carillon_reader'@'%';
GRANT SELECT ON permit TO 'carillon_reader'@'%';
GRANT SELECT ON listener TO 'carillon_reader'@'%';
GRANT SELECT ON awaited TO 'carillon_reader'@'%';
GRANT SELECT (namespace, name, paused, pause_reason, pause_until, last_pause_from, last_pause_to, releasing, concurrency,
  rate_permits, rate_per_ms, rate_burst, per_host, limited, version, created_at, updated_at)
  ON queue TO 'carillon_reader'@'%';
GRANT SELECT (namespace, execution_id, scheduled_at, died_at, job_id, generation, queue, reason, attempt, node, fired_at,
  started_at, http_status, error)
  ON dead_letter TO 'carillon_reader'@'%';
GRANT SELECT ON node TO 'carillon_reader'@'%';

GRANT SELECT ON v_next_fires TO 'carillon_reader'@'%';
GRANT SELECT ON v_running TO 'carillon_reader'@'%';
GRANT SELECT ON v_late TO 'carillon_reader'@'%';
GRANT SELECT ON v_stuck TO 'carillon_reader'@'%';
GRANT SELECT ON v_queues TO 'carillon_reader'@'%';
GRANT SELECT ON v_held TO 'carillon_reader'@'%';
GRANT SELECT ON v_breakers TO 'carillon_reader'@'%';
GRANT SELECT ON v_awaited TO 'carillon_reader'@'%';
GRANT SELECT ON v_dead_letters TO 'carillon_reader'@'%';
GRANT SELECT ON v_listeners TO 'carillon_reader'@'%';
GRANT SELECT ON v_nodes TO 'carillon_reader'@'%';

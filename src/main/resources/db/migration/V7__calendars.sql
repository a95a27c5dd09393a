-- Exclusion calendars: data of our own, as JSON. Jobs name them; a change has those jobs planned anew, in chunks.
CREATE TABLE calendar (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL COMMENT 'rises with every change; the ETag',
  definition MEDIUMTEXT NOT NULL COMMENT 'canonical JSON',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  replanned_version BIGINT NOT NULL COMMENT 'all jobs that name it are planned by this version, or a later one; below version there is work to do',
  replanned_job VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'the last job that is planned by version already, while that goes on',
  PRIMARY KEY (namespace, name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Which jobs name which calendars; of jobs that name none there is no row.
CREATE TABLE job_calendar (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (namespace, job_id, name),
  KEY job_calendar_by_name (namespace, name, job_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

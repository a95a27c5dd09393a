-- What follows what has ended (docs/adr/0031).

-- Groups of which jobs are still open, with how the others ended. A row goes when its group is done.
CREATE TABLE job_group (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(255) NOT NULL,
  round CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'names this use of the name: what follows the group has an id of it',
  succeeded INT NOT NULL DEFAULT 0,
  failed INT NOT NULL DEFAULT 0,
  cancelled INT NOT NULL DEFAULT 0,
  skipped INT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (namespace, name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Jobs of groups that are not over yet. A job is in one group.
CREATE TABLE group_member (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(255) NOT NULL,
  PRIMARY KEY (namespace, job_id),
  KEY group_member_by_group (namespace, name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What starts when a group is done: the same link of several jobs is one.
CREATE TABLE group_link (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(255) NOT NULL,
  hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the link',
  link MEDIUMTEXT NOT NULL COMMENT 'JSON',
  PRIMARY KEY (namespace, name, hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What followed an execution (or the round of a group), or why nothing did.
CREATE TABLE follower (
  source CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'id of an execution, or round of a group',
  place VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'callback/SUCCEEDED, onSuccess/0',
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the job that was made or is run',
  execution_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of a job that is run',
  code VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'why nothing followed',
  detail VARCHAR(1000) NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (source, place),
  KEY follower_by_age (at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

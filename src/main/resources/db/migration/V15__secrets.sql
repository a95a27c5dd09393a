-- Stored secrets: passwords, tokens and signing keys that definitions name. AES-256-GCM by a key of the servers'
-- configuration, which is not in the database; the associated data is namespace and name, so a row's ciphertext opens in
-- this row alone. While a signing key is rotated, the one before it stays beside it until previous_until. Rows of the empty
-- namespace are samples of the keys, for servers to check theirs (docs/adr/0032).
CREATE TABLE secret (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'TEXT SIGNING',
  version BIGINT NOT NULL COMMENT 'rises with every new value; the ETag',
  key_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'which key of the configuration encrypted it',
  nonce VARBINARY(12) NOT NULL,
  ciphertext VARBINARY(12000) NOT NULL COMMENT 'with the tag of 16 bytes at its end',
  previous_key_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  previous_nonce VARBINARY(12) NULL,
  previous_ciphertext VARBINARY(12000) NULL,
  previous_until BIGINT NULL COMMENT 'when the value before goes out of use',
  created_at BIGINT NOT NULL,
  rotated_at BIGINT NOT NULL COMMENT 'when the present value was stored',
  PRIMARY KEY (namespace, name),
  KEY secret_by_key (key_id),
  KEY secret_by_previous_key (previous_key_id),
  KEY secret_by_grace (previous_until)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

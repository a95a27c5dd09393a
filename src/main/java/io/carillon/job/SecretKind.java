package io.carillon.job;

/** What a stored secret is for. */
public enum SecretKind {
  /** A password, token or key that goes into a header as it is. */
  TEXT,
  /** A key that calls are signed with, {@code whsec_} and base64 (Standard Webhooks). */
  SIGNING
}

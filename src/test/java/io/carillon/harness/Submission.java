package io.carillon.harness;

import java.time.Instant;

/**
 * What became of one submission.
 *
 * @param tag the mark in the job's body by which the ledger knows it without an id
 */
public sealed interface Submission {
  String tag();

  /** The node answered 201: this job must be called. */
  record Acknowledged(String tag, String jobId, Instant at) implements Submission {}

  /** The node answered something else: this job must never be called. */
  record Refused(String tag, int status, String answer) implements Submission {}

  /** There was no answer: this job may be called or not. */
  record Unknown(String tag, String cause) implements Submission {}
}

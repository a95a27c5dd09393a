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

  /** Every answer said that nothing was accepted: this job must never be called. */
  record Refused(String tag, int status, String answer) implements Submission {}

  /** A request without an answer, or one that leaves it open: this job may be called or not. */
  record Unknown(String tag, String cause) implements Submission {}

  /**
   * One answer that refused, whether or not the request was repeated and accepted then.
   *
   * @param retryAfter the header of that name; empty when there was none
   */
  record Refusal(int status, String retryAfter, String answer) {
    /** Whether a client can go by it: 429 or 503, and when to come again. */
    public boolean isOrderly() {
      return (status == 429 || status == 503) && retryAfter.matches("[0-9]+");
    }
  }
}

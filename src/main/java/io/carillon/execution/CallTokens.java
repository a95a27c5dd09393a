package io.carillon.execution;

import java.util.OptionalInt;

/**
 * Proofs that somebody has received a call: sent with it, shown again by whoever reports on it. Any
 * node can check the token of any other. Thread-safe; neither making nor checking one asks the
 * database.
 */
public interface CallTokens {
  /** The name of the header that carries one. */
  String HEADER = "X-Carillon-Token";

  /** Makes none, and knows none. */
  CallTokens NONE =
      new CallTokens() {
        @Override
        public String of(ExecutionId id, int attempt) {
          return "";
        }

        @Override
        public OptionalInt attempt(ExecutionId id, String token) {
          return OptionalInt.empty();
        }
      };

  /** The token of one attempt; empty if there is none to give. */
  String of(ExecutionId id, int attempt);

  /** The attempt of an execution that a token belongs to; empty if it belongs to none. */
  OptionalInt attempt(ExecutionId id, String token);
}

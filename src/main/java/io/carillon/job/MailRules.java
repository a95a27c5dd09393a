package io.carillon.job;

import java.util.Optional;

/** What can be checked of a mail when a job is submitted. Pure; thread-safe. */
public interface MailRules {
  /** Of a server that sends no mail. */
  MailRules UNAVAILABLE =
      new MailRules() {
        @Override
        public boolean available() {
          return false;
        }

        @Override
        public Optional<String> faultOf(String address) {
          return Optional.empty();
        }
      };

  /** Whether this server can send mail at all. */
  boolean available();

  /** What is wrong with one address, such as {@code Ann <ann@shop.example>}; empty if nothing. */
  Optional<String> faultOf(String address);
}

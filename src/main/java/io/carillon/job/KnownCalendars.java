package io.carillon.job;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What readers of definitions ask about exclusion calendars, outside of any transaction.
 * Thread-safe. Each method may throw {@link JobExceptions.StoreUnavailable}.
 */
public interface KnownCalendars {
  /** Of a server without calendars. */
  KnownCalendars NONE =
      new KnownCalendars() {
        @Override
        public Map<String, Exclusions> find(String namespace, Collection<String> names) {
          return Map.of();
        }

        @Override
        public List<String> names(String namespace) {
          return List.of();
        }
      };

  /**
   * The calendars of these names by name; absent ones are absent. Nothing is asked for no names.
   */
  Map<String, Exclusions> find(String namespace, Collection<String> names);

  /** Names that there are, in order; at most 1,000. */
  List<String> names(String namespace);
}

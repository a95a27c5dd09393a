package io.carillon.quartz.store;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what of a batch makes all of it fail: after a failure that is about the rows as many are
 * tried one by one, and one that fails alone is left out for a minute. For the scheduler thread
 * only.
 */
final class OneByOne {
  private static final Logger LOG = LoggerFactory.getLogger(OneByOne.class);

  private final SetAside aside;
  private int singly;

  OneByOne(SetAside aside) {
    this.aside = aside;
  }

  /** Triggers that are left out now. */
  List<TriggerName> leftOut() {
    return aside.names();
  }

  /** How many to try at once, of so many for which there is room. To be asked once for each try. */
  int most(int room) {
    int most = singly > 0 ? 1 : room;
    singly = Math.max(0, singly - 1);
    return most;
  }

  /**
   * A try has failed.
   *
   * @return false if not because of what was tried
   */
  boolean failed(Collection<TriggerName> tried, Throwable cause) {
    if (tried.isEmpty() || (cause instanceof SQLException e && !Failures.isAboutTheRows(e))) {
      return false;
    }
    if (tried.size() > 1) {
      LOG.warn("{} triggers are fired one by one: {}", tried.size(), cause.toString());
      singly = tried.size();
    } else {
      LOG.error("{} cannot be fired and is left out for a minute", tried, cause);
      aside.add(tried);
    }
    return true;
  }
}

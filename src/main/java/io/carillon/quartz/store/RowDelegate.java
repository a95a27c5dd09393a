package io.carillon.quartz.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quartz.impl.jdbcjobstore.StdJDBCDelegate;

/**
 * Quartz's statements, with two differences: they know our own type of trigger; and of what rows
 * hold as Java objects, nothing is read but Quartz's own calendars and what they consist of, and
 * that only where the JVM's own filter lets it through as well. Whoever can write to a table must
 * not be able to name classes.
 */
final class RowDelegate extends StdJDBCDelegate {
  @Override
  protected void addDefaultTriggerPersistenceDelegates() {
    super.addDefaultTriggerPersistenceDelegates();
    addTriggerPersistenceDelegate(new OwnTriggerDelegate());
  }

  @Override
  protected @Nullable Object getObjectFromBlob(ResultSet row, String column)
      throws ClassNotFoundException, IOException, SQLException {
    Blob blob = row.getBlob(column);
    if (blob == null || blob.length() == 0) {
      return null;
    }
    try (ObjectInputStream objects = new CalendarStream(blob.getBinaryStream())) {
      return objects.readObject();
    }
  }

  /** Looks at the name of each class before it is loaded. */
  private static final class CalendarStream extends ObjectInputStream {
    private static final String CALENDARS = "org.quartz.impl.calendar.";
    private static final Set<String> PARTS =
        Set.of(
            "org.quartz.CronExpression",
            "java.util.ArrayList",
            "java.util.Calendar",
            "java.util.Date",
            "java.util.GregorianCalendar",
            "java.util.SimpleTimeZone",
            "java.util.TimeZone",
            "java.util.TreeSet",
            "sun.util.calendar.ZoneInfo",
            "[I",
            "[Z");

    CalendarStream(InputStream bytes) throws IOException {
      super(bytes);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass described)
        throws IOException, ClassNotFoundException {
      String name = described.getName();
      if (!name.startsWith(CALENDARS) && !PARTS.contains(name)) {
        throw new InvalidClassException(name, "no part of a calendar of Quartz's");
      }
      return super.resolveClass(described);
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) throws IOException {
      throw new InvalidClassException("a proxy is no part of a calendar of Quartz's");
    }
  }
}

package io.carillon.quartz;

import java.io.InputStream;
import java.net.URL;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quartz.spi.ClassLoadHelper;

/**
 * Loads, for Quartz, only classes on our own list. Quartz loads whatever class a row of
 * QRTZ_JOB_DETAILS names, before anybody can look at it; some job classes that are on many class
 * paths look up JNDI names from their data (CVE-2023-39017).
 */
public final class AllowedClasses implements ClassLoadHelper {
  private static final Set<String> JOBS = Set.of("io.carillon.quartz.FiringJob");
  private static final String OUR_PACKAGES = "io.carillon.quartz.";
  private static final Set<String> QUARTZ_PARTS =
      Set.of(
          "org.quartz.impl.jdbcjobstore.StdJDBCDelegate",
          "org.quartz.impl.DefaultThreadExecutor",
          "org.quartz.impl.StdJobRunShellFactory");

  @Override
  public void initialize() {}

  @Override
  public Class<?> loadClass(String name) throws ClassNotFoundException {
    if (!JOBS.contains(name) && !name.startsWith(OUR_PACKAGES) && !QUARTZ_PARTS.contains(name)) {
      throw new ClassNotFoundException("not on the list of classes that may be loaded: " + name);
    }
    return Class.forName(name, true, getClassLoader());
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> Class<? extends T> loadClass(String name, Class<T> type)
      throws ClassNotFoundException {
    return (Class<? extends T>) loadClass(name);
  }

  @Override
  public @Nullable URL getResource(String name) {
    return null;
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    return null;
  }

  @Override
  public ClassLoader getClassLoader() {
    return AllowedClasses.class.getClassLoader();
  }
}

package io.carillon.bench;

import java.util.Properties;

/** How stock Quartz is set up: as it is shipped, and as well as we know how. Thread-safe. */
enum StockSettings {
  /** Clustered, and nothing else said: one trigger at a time, ten threads. */
  DEFAULTS {
    @Override
    void addTo(Properties properties) {
      properties.setProperty("org.quartz.threadPool.threadCount", "10");
      properties.setProperty(DATA_SOURCE + "maxConnections", "13");
    }
  },

  /** {@link #BEST}, with the misfire threshold as it is shipped: a minute. */
  BEST_BUT_MISFIRES {
    @Override
    void addTo(Properties properties) {
      BEST.addTo(properties);
      properties.remove(STORE + "misfireThreshold");
    }

    @Override
    String address(String url) {
      return BEST.address(url);
    }
  },

  /** Batches with threads to match, nothing counted as a misfire; the server reads committed. */
  BEST {
    @Override
    void addTo(Properties properties) {
      properties.setProperty("org.quartz.threadPool.threadCount", "100");
      properties.setProperty(DATA_SOURCE + "maxConnections", "50");
      properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "100");
      properties.setProperty(
          "org.quartz.scheduler.batchTriggerAcquisitionFireAheadTimeWindow", "0");
      properties.setProperty("org.quartz.scheduler.idleWaitTime", "1000");
      properties.setProperty(STORE + "acquireTriggersWithinLock", "true");
      properties.setProperty(STORE + "misfireThreshold", "3600000");
    }

    @Override
    String address(String url) {
      return url
          + (url.contains("?") ? "&" : "?")
          + "cachePrepStmts=true&useLocalSessionState=true&elideSetAutoCommits=true";
    }
  };

  static final String STORE = "org.quartz.jobStore.";
  static final String DATA_SOURCE = "org.quartz.dataSource.bench.";
  static final String NAME = "stock";

  abstract void addTo(Properties properties);

  String address(String url) {
    return url;
  }

  /** The properties of a node on this schema. */
  Properties properties(String url, String user, String password) {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", NAME);
    properties.setProperty("org.quartz.scheduler.instanceId", "AUTO");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty(STORE + "class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    properties.setProperty(
        STORE + "driverDelegateClass", "org.quartz.impl.jdbcjobstore.StdJDBCDelegate");
    properties.setProperty(STORE + "isClustered", "true");
    properties.setProperty(STORE + "useProperties", "true");
    properties.setProperty(STORE + "dataSource", "bench");
    properties.setProperty(DATA_SOURCE + "provider", "hikaricp");
    properties.setProperty(DATA_SOURCE + "driver", "com.mysql.cj.jdbc.Driver");
    properties.setProperty(DATA_SOURCE + "URL", address(url));
    properties.setProperty(DATA_SOURCE + "user", user);
    properties.setProperty(DATA_SOURCE + "password", password);
    addTo(properties);
    return properties;
  }
}

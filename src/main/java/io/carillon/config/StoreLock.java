package io.carillon.config;

/** How the steps that fire and complete take the one lock row of the cluster. */
public enum StoreLock {
  /** One at a time in the whole cluster, as stock Quartz. */
  EXCLUSIVE,
  /** Side by side, each with locks on its own rows; everything else still excludes them all. */
  SHARED
}

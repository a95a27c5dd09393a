package io.carillon.job;

/** How often a planned instant may reach its target when a node dies in the middle. */
public enum Delivery {
  AT_LEAST_ONCE,
  AT_MOST_ONCE
}

/**
 * What starts because something has ended: callbacks, the links of chains, the links of groups.
 * {@link io.carillon.following.Followers} answers, inside the transaction that ends executions,
 * which jobs and runs follow them; the package {@code quartz} stores what it answers in the same
 * transaction. Ids follow from what has ended, so that nothing starts twice. {@code GroupTable}
 * counts which jobs of a group are still open, and {@code FollowerTable} keeps what followed what,
 * and what did not and why.
 */
@NullMarked
package io.carillon.following;

import org.jspecify.annotations.NullMarked;

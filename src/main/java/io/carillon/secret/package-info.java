/**
 * Secrets: stored encrypted, never shown, revealed only for the moment in which a call is made.
 * {@link io.carillon.secret.Keyring} encrypts with AES-256-GCM by keys from configuration; {@link
 * io.carillon.secret.StoredSecrets} keeps the rows of the table {@code secret}; {@link
 * io.carillon.secret.Vault} is {@link io.carillon.job.SecretRules} for whoever reads definitions
 * and {@link io.carillon.execution.Secrets} for whoever calls. What is encrypted is bound to its
 * place (namespace and name, or job and header), so a value copied to another row does not open.
 * Rows and headers that an older key has encrypted are encrypted anew in small steps ({@link
 * io.carillon.secret.Upkeep}).
 */
@NullMarked
package io.carillon.secret;

import org.jspecify.annotations.NullMarked;

"""A Kafka that lets in known users only, each to its own topics, with certificates that are made for it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from muster.shell import clock
from muster.shell.access import Grant

PASSWORD = "hunter2hunter2"
KEY_PASSWORD = "key-password-that-nobody-may-see"
NOW = clock.now()
DAY = timedelta(days=1)
USERS = ("muster", "muster-extract", "muster-route", "muster-fold", "nobody-in-particular")
SUPER_USERS = "User:ANONYMOUS;User:muster"


class Authority:
    """Signs certificates; all files go into one folder."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 10 * DAY)
            .not_valid_after(NOW + DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.cafile = folder / f"{name}.pem"
        self.cafile.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def issue(
        self, name: str, *, address: str = "127.0.0.1", until: datetime = NOW + DAY, password: str | None = None
    ) -> tuple[Path, Path]:
        """Files of a certificate and of its key, which is encrypted if there is a password."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 9 * DAY)
            .not_valid_after(until)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        cipher: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if password is not None:
            cipher = serialization.BestAvailableEncryption(password.encode())
        certfile, keyfile = self._folder / f"{name}.crt", self._folder / f"{name}.key"
        certfile.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        keyfile.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher))
        return certfile, keyfile


@dataclass(frozen=True)
class SecuredBroker:
    """`address` speaks SASL_SSL, `mutual` SSL with client certificates, `plain` lets its tests in as a super user."""

    address: str
    mutual: str
    plain: str
    authority: Authority
    folder: Path

    @property
    def cafile(self) -> Path:
        return self.authority.cafile

    def allow(self, grants: list[Grant], principals: Mapping[str, str]) -> None:
        """Give these grants to Kafka's names of the principals."""
        admin = AdminClient({"bootstrap.servers": self.plain})
        bindings = [
            AclBinding(
                ResourceType[grant.resource.upper()],
                grant.name,
                ResourcePatternType.LITERAL,
                principals[grant.principal],
                "*",
                AclOperation[operation],
                AclPermissionType.ALLOW,
            )
            for grant in grants
            for operation in grant.operations
        ]
        for done in admin.create_acls(bindings).values():
            done.result(timeout=60)


def broker_arguments(authority: Authority, folder: Path, ports: Mapping[str, int]) -> dict[str, object]:
    """Of an EmbeddedBroker with TLS, SCRAM, PLAIN, client certificates and an authorizer."""
    certfile, keyfile = authority.issue("broker")
    keystore = folder / "broker.pem"
    keystore.write_bytes(keyfile.read_bytes() + certfile.read_bytes())
    users = " ".join(f'user_{name}="{PASSWORD}"' for name in USERS)
    login = "org.apache.kafka.common.security"
    return {
        "listeners": ports,
        "properties": {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(keystore),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(authority.cafile),
            "listener.name.ssl.ssl.client.auth": "required",
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": f"{login}.scram.ScramLoginModule required;",
            "listener.name.sasl_ssl.plain.sasl.jaas.config": f"{login}.plain.PlainLoginModule required {users};",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": SUPER_USERS,
        },
        "format_arguments": [
            argument
            for name in USERS
            for argument in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={PASSWORD}]")
        ],
    }

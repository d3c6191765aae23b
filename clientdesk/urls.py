"""Every address of ClientDesk, area by area."""

urlpatterns = []
